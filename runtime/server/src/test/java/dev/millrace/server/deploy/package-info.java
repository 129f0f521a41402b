// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Holds what is in {@code deploy} to what it is for, as far as that can be seen without a container engine. */
package dev.millrace.server.deploy;
