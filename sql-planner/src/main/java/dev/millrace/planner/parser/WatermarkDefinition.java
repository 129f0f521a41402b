// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/** {@code WATERMARK FOR column AS expression} in CREATE TABLE. */
public record WatermarkDefinition(SqlIdentifier column, SqlNode expression) implements TableElement {}
