// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Character-separated values after RFC 4180. */
package dev.millrace.connectors.format.csv;
