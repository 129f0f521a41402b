// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** From SQL text to a plan of the engine. Apache Calcite lives in this module and nowhere else. */
package dev.millrace.planner;
