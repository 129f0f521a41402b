// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The connector {@code blackhole}: takes rows and does nothing with them. */
package dev.millrace.connectors.blackhole;
