// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Records and rows that can't be used: what is told of one whose bytes are gone, and the actor that writes them down. */
package dev.millrace.cluster.deadletter;
