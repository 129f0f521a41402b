// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Real systems for the tests of other modules, each in a process of its own. Nothing of it is shipped. */
package dev.millrace.testing;
