// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.SourceSpan;

/**
 * A query as it stands in the script.
 *
 * @param sql the whole statement as written
 * @param position where the query starts, for what is wrong with the whole of it
 * @param orderPosition where ORDER BY or LIMIT stands, or null
 */
public record QueryText(String sql, SourceSpan position, SourceSpan orderPosition) {}
