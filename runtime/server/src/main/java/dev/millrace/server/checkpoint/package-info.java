// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** What is stored in a state directory, read without a node: for people who want to know, or to be sure. */
package dev.millrace.server.checkpoint;
