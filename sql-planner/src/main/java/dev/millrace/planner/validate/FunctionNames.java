// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import java.util.Collections;
import java.util.Set;

/** The functions that queries can call, for those who help with writing them. */
public final class FunctionNames {
    private FunctionNames() {}

    /** The names of all functions, in order, in upper case. */
    public static Set<String> all() {
        return Collections.unmodifiableSet(DialectOperatorTable.INSTANCE.functionNames());
    }
}
