// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.SourceSpan;

/**
 * One statement of a script.
 *
 * @param text the statement as written, without the semicolon
 * @param position where it starts in the script
 * @param statement what it says
 */
public record ParsedStatement(String text, SourceSpan position, Statement statement) {}
