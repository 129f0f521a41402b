// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** A simulation has shown that a law doesn't hold. */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String what) {
        super(what);
    }
}
