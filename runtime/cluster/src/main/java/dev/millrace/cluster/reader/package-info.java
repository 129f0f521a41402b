// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The reader: one actor that reads one split, decodes it, routes its rows, and sends them along lanes. */
package dev.millrace.cluster.reader;
