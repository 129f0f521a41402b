/** Coded errors with position, cause and way out. Every message that a user can meet has a code here. */
package dev.millrace.engine.error;
