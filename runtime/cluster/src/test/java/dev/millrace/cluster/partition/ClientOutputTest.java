// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.TestSystems;
import dev.millrace.cluster.client.ClientActor;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The output of a partition whose client is on another node, to which messages get lost. */
@Tag("integration")
@Timeout(30)
class ClientOutputTest {
    private final BlockingQueue<PartitionCommand> answers = new LinkedBlockingQueue<>();
    private final List<Long> taken = new CopyOnWriteArrayList<>();
    private ActorSystem<Void> own;
    private ActorSystem<Void> other;
    private long next;

    @BeforeEach
    void start() {
        own = TestSystems.start(Map.of());
        other = TestSystems.start(Map.of());
    }

    @AfterEach
    void end() {
        own.terminate();
        other.terminate();
    }

    @Test
    void shouldBringEveryRowOnceAndInOrderWhateverItsSizeAndWhatIsLost() throws Exception {
        long seed = 11;
        ClientOutput output = output(new Random(seed));
        for (int textBytes : new int[] {10, 3 << 20, 1_000, 10, 400_000, 10, 10, 10}) {
            output.write(batch(textBytes > 1 << 20 ? 1 : 1 + (4 << 20) / (textBytes + 1_000), textBytes));
        }
        while (output.taken() < output.sent()) {
            PartitionCommand answer = answers.poll(50, TimeUnit.MILLISECONDS);
            switch (answer) {
                case PartitionCommand.OutputTaken up -> output.taken(up.sequence());
                case PartitionCommand.OutputMissing missing -> output.missing(missing.sequence());
                case null, default -> output.tick(System.nanoTime());
            }
        }
        assertEquals(LongStream.range(0, next).boxed().toList(), taken, "seed " + seed);
    }

    @Test
    void shouldRefuseARowThatFitsNoFrame() {
        ClientOutput output = output(new Random(1));
        MillraceException e = assertThrows(MillraceException.class, () -> output.write(batch(2, 9 << 20)));
        assertEquals(ErrorCode.ROW_TOO_LARGE, e.code());
        assertTrue(e.getMessage().contains("a row of 9437"), e.getMessage());
    }

    private ClientOutput output(Random random) {
        ActorRef<PartitionCommand> self = own.systemActorOf(
                Behaviors.<PartitionCommand>receiveMessage(message -> {
                    answers.add(message);
                    return Behaviors.same();
                }), "partition", Props.empty());
        ActorRef<ClientCommand> client = other.systemActorOf(
                ClientActor.create(this::take), "client", Props.empty());
        ActorRef<ClientCommand> lossy = other.systemActorOf(
                Behaviors.<ClientCommand>receiveMessage(message -> {
                    for (int copies = random.nextInt(8); copies > 0; copies -= 6) {
                        client.tell(message);
                    }
                    return Behaviors.same();
                }), "client-lossy", Props.empty());
        return new ClientOutput(TestSystems.seenFrom(own, other, lossy), self, own.settings().config());
    }

    private void take(Batch batch) {
        LongVector numbers = (LongVector) batch.column(0);
        for (int i = 0; i < batch.size(); i++) {
            taken.add(numbers.get(batch.row(i)));
        }
    }

    private Batch batch(int rows, int textBytes) {
        LongVector numbers = new LongVector(rows);
        BytesVector texts = new BytesVector(rows);
        for (int row = 0; row < rows; row++) {
            numbers.set(row, next++);
            texts.append(row, new byte[textBytes]);
        }
        return Batch.of(new Vector[] {numbers, texts}, rows);
    }
}
