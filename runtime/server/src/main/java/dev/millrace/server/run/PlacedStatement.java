// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.error.SourceSpan;
import dev.millrace.planner.PlannedStatement;

/**
 * A statement of a script with its plan.
 *
 * @param planned what it came to
 * @param place where it starts in the script
 */
public record PlacedStatement(PlannedStatement planned, SourceSpan place) {}
