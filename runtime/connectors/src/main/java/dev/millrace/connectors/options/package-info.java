// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The options of a table (WITH) as its connector reads them: names and values checked, errors with the way out. */
package dev.millrace.connectors.options;
