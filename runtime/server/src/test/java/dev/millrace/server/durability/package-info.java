// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What becomes of jobs when their process is killed, and when what they have stored is damaged or can't be written. The
 * points of an epoch are reached through plugins and connectors of the tests' own: the product knows nothing of them.
 */
package dev.millrace.server.durability;
