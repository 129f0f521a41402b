// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Generated tables whose rows are functions of their numbers: how they are dealt out to splits, read and throttled. Knows
 * nothing of what stands in the rows.
 */
package dev.millrace.connectors.numbered;
