/** Journal and snapshot plugins for Pekko Persistence, and the codecs of what they store. */
package dev.millrace.checkpointing;
