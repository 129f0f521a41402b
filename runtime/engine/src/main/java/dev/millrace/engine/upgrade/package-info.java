// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What becomes of a job's state under another plan: which parts fit, which start empty, which would be lost. Compares
 * plans; touches no state.
 */
package dev.millrace.engine.upgrade;
