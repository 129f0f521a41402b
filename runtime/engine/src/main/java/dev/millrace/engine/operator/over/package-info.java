// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** OVER: rows wait until the watermark has passed them, and are then taken in the order of time, key by key. */
package dev.millrace.engine.operator.over;
