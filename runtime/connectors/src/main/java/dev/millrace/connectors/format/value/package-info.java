// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Text as values of SQL types, the same in every text format. */
package dev.millrace.connectors.format.value;
