// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

/**
 * What may differ between texts of comma-separated values.
 *
 * @param delimiter stands between fields, an ASCII character
 * @param quote stands around fields that need it, an ASCII character
 * @param nullLiteral the UTF-8 text of NULL, which never stands in quotes; null for an empty field
 */
public record CsvStyle(byte delimiter, byte quote, byte[] nullLiteral) {
    /** Commas and double quotes; NULL is an empty field. */
    public static final CsvStyle USUAL = new CsvStyle((byte) ',', (byte) '"', null);
}
