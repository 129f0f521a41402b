// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The options of jobs: their names, synonyms and values. */
package dev.millrace.planner.options;
