// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Sources, sinks and formats behind the engine's connector interfaces. */
package dev.millrace.connectors;
