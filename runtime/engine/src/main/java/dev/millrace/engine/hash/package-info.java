// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Hashes of keys: what routes rows to partitions and finds groups in tables. Versioned, because stored state keeps it. */
package dev.millrace.engine.hash;
