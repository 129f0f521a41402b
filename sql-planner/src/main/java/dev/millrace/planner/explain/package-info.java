// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Plans as text for people. The same plan always gives the same text. */
package dev.millrace.planner.explain;
