// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Formats: how the bytes of records become rows. Formats know nothing of where the bytes come from. */
package dev.millrace.connectors.format;
