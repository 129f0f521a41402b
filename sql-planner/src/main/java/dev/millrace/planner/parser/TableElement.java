package dev.millrace.planner.parser;

/** One entry of the parenthesised list of CREATE TABLE. */
public sealed interface TableElement permits ColumnDefinition, WatermarkDefinition, PrimaryKeyDefinition {
}
