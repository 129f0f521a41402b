// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The tables and views of a session. Holds what statements have said of them; never opens what they name. */
package dev.millrace.planner.catalog;
