// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Columnar batches: vectors of primitive arrays, row positions, row kinds, selections, and their wire form. */
package dev.millrace.engine.batch;
