// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The demo: a query over a generated market, live in the terminal. */
package dev.millrace.server.demo;
