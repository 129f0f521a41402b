// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The connector {@code print}: rows as lines on standard output or standard error. */
package dev.millrace.connectors.print;
