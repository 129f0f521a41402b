// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The dialect's statements as syntax trees, the splitting of a script into statements, and what turns text into trees.
 * Nothing here knows of tables or types.
 */
package dev.millrace.planner.parser;
