// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Where records and rows go that can't be processed, and what a table says about them. */
package dev.millrace.connectors.deadletter;
