// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Journal and snapshot plugins for Pekko Persistence, and the codecs of what they store. */
package dev.millrace.checkpointing;
