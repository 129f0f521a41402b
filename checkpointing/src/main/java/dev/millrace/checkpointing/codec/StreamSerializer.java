// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A Pekko serializer that can also write to a stream and read from one. The journal and the snapshot stores of this
 * module prefer it, as it spares them a copy of the whole object as one array.
 */
public interface StreamSerializer {
    /** Writes an object, in the same bytes as the serializer's array. */
    void toStream(Object object, OutputStream out) throws IOException;

    /** Reads one object, and the stream to its end. */
    Object fromStream(InputStream in, String manifest) throws IOException;
}
