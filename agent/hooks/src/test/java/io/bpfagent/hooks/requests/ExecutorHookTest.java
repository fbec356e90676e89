package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.boot.Entries;
import io.bpfagent.boot.Requests;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecutorHookTest {
    private static final String A = "GET /executor/a";
    private static final String B = "GET /executor/b";

    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void in(String request, Work work) throws Exception {
        long entry = Requests.enter("GET", request.substring("GET ".length()));
        try {
            assertEquals(request, Woven.path());
            work.run();
            assertEquals(request, Woven.path());
        } finally {
            Entries.leave(entry);
        }
        assertEquals("", Woven.path());
        woven.report("executor");
    }

    @Test
    void followsTasksOfAPool() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        Callable<String> path = Woven::path;
        in(A, () -> {
            assertEquals(A, pool.submit(path).get());
            assertEquals(A, pool.submit(path).get());
            assertEquals(A, pool.invokeAll(List.of(path, path)).get(1).get());
        });
        assertEquals("", pool.submit(path).get());
        in(B, () -> assertEquals(B, pool.submit(path).get()));
        in(A, () -> assertThrows(ExecutionException.class, () -> pool.submit(() -> {
            throw new IllegalStateException("of the test");
        }).get()));
        assertEquals("", pool.submit(path).get());
        end(pool);
    }

    /** A thread that waits for a task comes out of code that was not woven when it went in. */
    @Test
    void followsTasksOfThreadsThatWaitAlready() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        Callable<String> path = Woven::path;
        restore();
        pool.submit(path).get();
        Thread.sleep(50);
        weave();
        in(A, () -> assertEquals(A, pool.submit(path).get()));
        assertEquals("", pool.submit(path).get());
        end(pool);
    }

    /** What begins in a request when the hooks are there ends when they are gone. */
    @Test
    void leavesNoWorkerInARequestWhenRequestsAreSetOff() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        Callable<String> path = Woven::path;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        in(A, () -> pool.execute(() -> {
            seen.add(Woven.path());
            begun.countDown();
            await(go);
        }));
        await(begun);
        woven.want(false);
        go.countDown();
        try {
            assertEquals("", pool.submit(path).get());
            assertEquals(List.of(A), seen);
        } finally {
            woven.want(true);
        }
        in(A, () -> assertEquals(A, pool.submit(path).get()));
        end(pool);
    }

    /** The pool has one thread, which is busy: what is queued meanwhile runs in the order in which it came. */
    @Test
    void tellsTheRunsOfOneObjectApart() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch go = new CountDownLatch(1);
        pool.execute(() -> await(go));
        List<String> seen = new ArrayList<>();
        Runnable same = () -> seen.add(Woven.path());
        in(A, () -> pool.execute(same));
        pool.execute(same);
        in(B, () -> pool.execute(same));
        pool.execute(same);
        go.countDown();
        end(pool);
        assertEquals(List.of(A, "", B, ""), seen);
    }

    @Test
    void outlivesWhatATaskThrows() throws Exception {
        ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(1, task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((dead, thrown) -> { });
            return thread;
        });
        in(A, () -> pool.execute(() -> {
            throw new IllegalStateException("of the test");
        }));
        Callable<String> path = Woven::path;
        assertEquals("", pool.submit(path).get());
        end(pool);
    }

    @Test
    void forgetsWhatIsRejected() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1));
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        Runnable same = () -> seen.add(Woven.path());
        pool.execute(() -> await(go));
        pool.execute(() -> { });
        in(A, () -> assertThrows(RejectedExecutionException.class, () -> pool.execute(same)));
        go.countDown();
        while (pool.getCompletedTaskCount() < 2) {
            Thread.sleep(1);
        }
        pool.execute(same);
        end(pool);
        assertEquals(List.of(""), seen);
    }

    /** The handler says nothing, or runs the task itself; or somebody takes it out of the queue. */
    @Test
    void forgetsWhatNeverRuns() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1));
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        Runnable same = () -> seen.add(Woven.path());
        pool.execute(() -> await(go));
        in(A, () -> {
            pool.execute(same);
            assertTrue(pool.remove(same));
        });
        pool.execute(() -> { });
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        in(A, () -> pool.execute(same));
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        in(A, () -> pool.execute(same));
        assertEquals(List.of(A), seen);
        go.countDown();
        while (pool.getCompletedTaskCount() < 2) {
            Thread.sleep(1);
        }
        pool.submit(() -> { }).get();
        in(B, () -> pool.execute(same));
        end(pool);
        assertEquals(List.of(A, B), seen);
    }

    @Test
    void forgetsWhatIsQueuedWhenThePoolEnds() throws Exception {
        ExecutorService ended = Executors.newFixedThreadPool(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        Runnable same = () -> seen.add(Woven.path());
        ended.submit(() -> await(go));
        in(A, () -> ended.execute(same));
        ended.shutdownNow();
        ExecutorService pool = Executors.newFixedThreadPool(1);
        pool.execute(same);
        end(pool);
        assertEquals(List.of(""), seen);
    }

    /** Each makes the next one, on a thread that was handed the one before. */
    @Test
    void endsWhereATaskSchedulesItselfAnew() throws Exception {
        ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
        List<String> seen = new ArrayList<>();
        CountDownLatch thrice = new CountDownLatch(3);
        Runnable again = new Runnable() {
            @Override
            public void run() {
                seen.add(Woven.path());
                thrice.countDown();
                if (thrice.getCount() > 0) {
                    pool.schedule(this, 1, TimeUnit.MILLISECONDS);
                }
            }
        };
        in(A, () -> pool.schedule(again, 1, TimeUnit.MILLISECONDS));
        thrice.await();
        end(pool);
        assertEquals(List.of(A, "", ""), seen);
    }

    /** A timeout is a task that is cancelled when what it is for has come in time. */
    @Test
    void losesNothingToWhatIsCancelled() throws Exception {
        long lost = Entries.lostHandovers();
        in(A, () -> {
            for (int i = 0; i < 60_000; i++) {
                CompletableFuture<String> future = new CompletableFuture<>();
                future.orTimeout(1, TimeUnit.HOURS);
                future.complete("in time");
            }
        });
        assertEquals(lost, Entries.lostHandovers());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void followsDelayedTasksAndNoPeriodicOnes() throws Exception {
        ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
        Callable<String> path = Woven::path;
        List<String> seen = new ArrayList<>();
        CountDownLatch twice = new CountDownLatch(2);
        in(A, () -> {
            assertEquals(A, pool.schedule(path, 1, TimeUnit.MILLISECONDS).get());
            assertEquals(A, pool.submit(path).get());
            pool.scheduleWithFixedDelay(() -> {
                seen.add(Woven.path());
                twice.countDown();
            }, 0, 1, TimeUnit.MILLISECONDS);
        });
        twice.await();
        pool.shutdownNow();
        assertEquals("", seen.get(0));
        assertEquals("", seen.get(1));
    }

    @Test
    void followsTasksOfForkJoinPools() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(2);
        Callable<String> path = Woven::path;
        in(A, () -> {
            assertEquals(A, pool.submit(path).get());
            assertEquals(A, pool.submit(ForkJoinTask.adapt(path)).get());
            assertEquals(A, pool.invoke(ForkJoinTask.adapt(path)));
            List<String> seen = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            pool.execute(() -> {
                seen.add(Woven.path());
                done.countDown();
            });
            done.await();
            assertEquals(List.of(A), seen);
            pool.submit(() -> seen.add(Woven.path())).get();
            assertEquals(List.of(A, A), seen);
        });
        assertEquals("", pool.submit(path).get());
        // By the interface, whose methods are bridges to those of the class.
        ExecutorService plain = pool;
        in(A, () -> assertEquals(A, plain.submit(path).get()));
        assertEquals("", plain.submit(path).get());
        end(pool);
    }

    @Test
    void followsParallelStreams() throws Exception {
        ConcurrentHashMap<String, Integer> seen = new ConcurrentHashMap<>();
        in(A, () -> IntStream.range(0, 2_000).parallel().forEach(i -> seen.merge(Woven.path(), 1, Integer::sum)));
        assertEquals(2_000, seen.get(A), seen::toString);
    }

    @Test
    void followsFutures() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        in(A, () -> {
            assertEquals(A, CompletableFuture.supplyAsync(Woven::path).get());
            assertEquals(A, CompletableFuture.supplyAsync(Woven::path, pool).get());
            assertEquals(A + A, CompletableFuture.supplyAsync(Woven::path, pool)
                    .thenApplyAsync(before -> before + Woven.path(), pool).get());
        });
        assertEquals("", CompletableFuture.supplyAsync(Woven::path, pool).get());
        end(pool);
    }

    /** What is to be done with a result is of who said so, not of who has it. */
    @Test
    void followsStagesThatWait() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CompletableFuture<String> source = new CompletableFuture<>();
        List<CompletableFuture<String>> stages = new ArrayList<>();
        in(A, () -> {
            stages.add(source.thenApply(ignored -> Woven.path()));
            stages.add(source.thenApplyAsync(ignored -> Woven.path(), pool));
            stages.add(source.thenApplyAsync(ignored -> Woven.path()));
            stages.add(source.thenCombine(source, (one, two) -> Woven.path()));
            stages.add(source.handle((ignored, thrown) -> Woven.path()));
            stages.add(source.thenCompose(ignored -> CompletableFuture.completedFuture(Woven.path())));
        });
        in(B, () -> {
            source.complete("done");
            for (CompletableFuture<String> stage : stages) {
                assertEquals(A, stage.get());
            }
        });
        end(pool);
    }

    /** Carriers are threads of a ForkJoinPool, to which whoever starts or wakes a virtual thread hands a task. */
    @Test
    void leavesCarriersAlone() throws Exception {
        Method start = startVirtualThread();
        Assumptions.assumeTrue(start != null, "needs Java 21");
        List<Thread> threads = new ArrayList<>();
        AtomicInteger rounds = new AtomicInteger();
        in(A, () -> {
            for (int i = 0; i < 100; i++) {
                Runnable body = () -> {
                    for (int round = 0; round < 50; round++) {
                        rounds.incrementAndGet();
                        LockSupport.parkNanos(100_000);
                    }
                };
                threads.add((Thread) start.invoke(null, body));
            }
            while (rounds.get() < 100 * 50) {
                assertEquals(1, woven.threadsIn(A));
                threads.forEach(LockSupport::unpark);
            }
        });
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, woven.threadsIn(A));
    }

    private static Method startVirtualThread() {
        try {
            return Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    @Test
    void leavesAlonePoolsThatNobodyIsInARequestOf() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        for (int i = 0; i < 1_000; i++) {
            Callable<String> path = Woven::path;
            assertEquals("", pool.submit(path).get());
        }
        end(pool);
    }

    /** As OpenTelemetry's agent does with lambdas; it was there first. */
    @Test
    void followsTasksThatAnotherAgentReplaces() throws Exception {
        Instrumentation instrumentation = ByteBuddyAgent.install();
        restore();
        ResettableClassFileTransformer other = new AgentBuilder.Default().disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION).ignore(ElementMatchers.none())
                .type(ElementMatchers.is(ThreadPoolExecutor.class))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Replace.class).on(ElementMatchers.named("execute"))))
                .installOn(instrumentation);
        try {
            weave();
            ExecutorService pool = Executors.newFixedThreadPool(1);
            List<String> seen = new ArrayList<>();
            Runnable same = () -> seen.add(Woven.path());
            CountDownLatch go = new CountDownLatch(1);
            // For the first a thread is begun, and the others are queued.
            in(A, () -> pool.execute(() -> {
                seen.add(Woven.path());
                await(go);
            }));
            in(B, () -> pool.execute(same));
            in(A, () -> pool.execute(same));
            pool.execute(same);
            go.countDown();
            end(pool);
            assertEquals(List.of(A, B, A, ""), seen);
        } finally {
            restore();
            other.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
            weave();
        }
    }

    private static final class Replace {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) Runnable task) {
            task = new Thread(task);
        }
    }

    private static void end(ExecutorService pool) throws InterruptedException {
        pool.shutdown();
        assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));
    }
}
