// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** What is found in a state directory that is read from end to end, every checksum of it verified. */
package dev.millrace.checkpointing.verify;
