// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.error.ErrorCode;

/** The interpreter's way of saying that a row fails. */
final class EvaluationError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    EvaluationError(ErrorCode code) {
        super(code.toString(), null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}
