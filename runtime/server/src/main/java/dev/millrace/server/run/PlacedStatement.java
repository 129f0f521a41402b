// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.error.SourceSpan;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.parser.ParsedStatement;
import java.util.Map;

/**
 * A statement of a script with its plan.
 *
 * @param planned what it came to
 * @param parsed what was written
 * @param options the options that were set for it
 */
public record PlacedStatement(PlannedStatement planned, ParsedStatement parsed, Map<String, String> options) {
    public PlacedStatement {
        options = Map.copyOf(options);
    }

    /** Where it starts in the script. */
    public SourceSpan place() {
        return parsed.position();
    }
}
