// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Writing and reading the state of a partition, column by column. */
package dev.millrace.engine.state;
