// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** A message that an actor sends to itself, or exchanges with its children: it never leaves the process. */
public interface LocalMessage extends NoSerializationVerificationNeeded {}
