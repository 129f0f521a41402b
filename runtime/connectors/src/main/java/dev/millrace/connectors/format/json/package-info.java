// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * JSON: flat objects are scanned straight into vectors, everything unusual is read by a library; a test holds the two
 * equal.
 */
package dev.millrace.connectors.format.json;
