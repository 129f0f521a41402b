// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Result rows as text: JSON, CSV and the print form, written from vectors into a byte buffer. Knows nothing of where the
 * text goes.
 */
package dev.millrace.connectors.text;
