// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

/** A message that may cross to another node; bound to the serializer of messages. */
public interface Message {}
