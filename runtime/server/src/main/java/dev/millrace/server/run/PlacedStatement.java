// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.error.SourceSpan;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.parser.ParsedStatement;

/**
 * A statement of a script with its plan.
 *
 * @param planned what it came to
 * @param parsed what was written
 */
public record PlacedStatement(PlannedStatement planned, ParsedStatement parsed) {
    /** Where it starts in the script. */
    public SourceSpan place() {
        return parsed.position();
    }
}
