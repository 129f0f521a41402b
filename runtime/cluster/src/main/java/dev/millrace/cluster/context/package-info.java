// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What every actor of a node is given at its start: how it finds the others, and what all of them share. It knows no actor.
 */
package dev.millrace.cluster.context;
