// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * OVER and ORDER BY: rows wait until the watermark has passed them, and are then taken in the order of time, by OVER key by
 * key.
 */
package dev.millrace.engine.operator.over;
