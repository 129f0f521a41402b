// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** What a connector or a format implements to be a source or a sink of a job. */
package dev.millrace.engine.connector;
