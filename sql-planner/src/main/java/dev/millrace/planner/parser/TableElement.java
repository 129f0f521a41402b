// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

/** One entry of the parenthesised list of CREATE TABLE. */
public sealed interface TableElement permits ColumnDefinition, WatermarkDefinition, PrimaryKeyDefinition {}
