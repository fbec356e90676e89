package io.bpfagent.hooks.requests;

import io.bpfagent.hooks.weave.Hook;
import io.bpfagent.hooks.weave.HookAdvice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All hooks of {@code requests=true}. */
public final class RequestHooks {
    private static final String POOLS = "java.util.concurrent.";
    private static final String FORK_JOIN_TASK = POOLS + "ForkJoinTask";
    private static final String FUTURE = POOLS + "CompletableFuture$";
    private static final String[] WITH_RUNNABLE = {"RunnableExecuteAction", "AdaptedRunnable", "AdaptedRunnableAction",
        "AdaptedInterruptibleRunnable"};
    private static final String[] WITH_CALLABLE = {"AdaptedCallable", "AdaptedInterruptibleCallable"};
    private static final String[] ASYNC = {"AsyncSupply", "AsyncRun"};
    private static final String[] STAGES = {"UniApply", "UniAccept", "UniRun", "UniWhenComplete", "UniHandle",
        "UniExceptionally", "UniComposeExceptionally", "UniRelay", "UniCompose", "BiApply", "BiAccept", "BiRun",
        "BiRelay", "OrApply", "OrAccept", "OrRun"};
    private static final String NOTHING = "()";
    private static final String STRING = "(Ljava/lang/String;";
    private static final String KAFKA = "org.apache.kafka.clients.consumer.KafkaConsumer";

    private RequestHooks() {}

    /**
     * The end of a task. It stays where requests were followed once: a worker that has begun one in a request asks for
     * the next when the other hooks may be gone, and would be in that request for ever.
     */
    public static Hook workers() {
        return inClass("workers", Tables.HANDOVERS, POOLS + "ThreadPoolExecutor",
                new HookAdvice(Methods.of("getTask", NOTHING), ExecutorAdvice.TaskOver.class));
    }

    /** They are equal each time. {@link #workers} is to be there with them. */
    public static List<Hook> all() {
        List<Hook> hooks = new ArrayList<>();
        List<Hook> servlets = new ArrayList<>();
        addServlets(servlets, "jakarta", ServletAdvice.class);
        addServlets(servlets, "javax", JavaxServletAdvice.class);
        hooks.add(new GroupHook("servlet", servlets));
        hooks.add(inClass("jdk http", Tables.REQUESTS, "com.sun.net.httpserver.Filter$Chain",
                new HookAdvice(Methods.of("doFilter", "(Lcom/sun/net/httpserver/HttpExchange;)"),
                        JdkServerAdvice.class)));
        hooks.add(inClass("jetty", Tables.REQUESTS, "org.eclipse.jetty.server.Server",
                new HookAdvice(Methods.of("handle", "(Lorg/eclipse/jetty/server/Request;"), JettyAdvice.class)));
        hooks.add(new NeedingHook("io/netty/handler/codec/http/LastHttpContent.class", inClass("netty http",
                Tables.REQUESTS, "io.netty.channel.AbstractChannelHandlerContext",
                new HookAdvice(Methods.of("fireChannelRead", "(Ljava/lang/Object;)"), NettyAdvice.class))));
        hooks.add(new GroupHook("jdbc", jdbc()));
        hooks.add(inClass("kafka", Tables.POLLS, KAFKA,
                new HookAdvice(Methods.of("poll", "(Ljava/time/Duration;)"), KafkaAdvice.class),
                new HookAdvice(new Methods(Set.of("subscribe", "unsubscribe", "assign"), "("),
                        KafkaAdvice.Change.class)));
        hooks.add(new ClassHook("executor", Tables.HANDOVERS, executors()));
        hooks.add(new GroupHook("opentelemetry", List.of(spans("io.opentelemetry.context.", SpanAdvice.class),
                spans("io.opentelemetry.javaagent.shaded.io.opentelemetry.context.", ShadedSpanAdvice.class))));
        return hooks;
    }

    private static void addServlets(List<Hook> hooks, String vendor, Class<?> advice) {
        String parameters = "(L" + vendor + "/servlet/ServletRequest;L" + vendor + "/servlet/ServletResponse;)";
        hooks.add(inClass("servlet", Tables.REQUESTS, vendor + ".servlet.http.HttpServlet",
                new HookAdvice(Methods.of("service", parameters), advice)));
        hooks.add(new SubtypeHook("filters", Tables.REQUESTS, "Chain", vendor + ".servlet.FilterChain",
                List.of(new HookAdvice(Methods.of("doFilter", parameters), advice))));
    }

    private static List<Hook> jdbc() {
        List<Hook> hooks = new ArrayList<>();
        Set<String> executes = Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate");
        Set<String> batches = Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "executeBatch",
                "executeLargeBatch");
        hooks.add(new SubtypeHook("statement", Tables.STATEMENTS, "Statement", "java.sql.Statement", List.of(
                new HookAdvice(new Methods(executes, STRING), StatementAdvice.class),
                new HookAdvice(new Methods(batches, NOTHING), StatementAdvice.Prepared.class),
                new HookAdvice(Methods.of("addBatch", STRING), StatementAdvice.AddBatch.class))));
        hooks.add(new SubtypeHook("connection", Tables.STATEMENTS, "Connection", "java.sql.Connection", List.of(
                new HookAdvice(new Methods(Set.of("prepareStatement", "prepareCall"), STRING),
                        StatementAdvice.Prepare.class),
                new HookAdvice(Methods.of("commit", NOTHING), StatementAdvice.Commit.class),
                new HookAdvice(Methods.named("rollback"), StatementAdvice.Rollback.class))));
        return hooks;
    }

    private static Hook spans(String apiPackage, Class<?> advice) {
        return new ClassHook("spans", Tables.SPANS, Map.of(
                apiPackage + "ThreadLocalContextStorage", List.of(new HookAdvice(Methods.named("attach"), advice)),
                apiPackage + "ThreadLocalContextStorage$ScopeImpl",
                List.of(new HookAdvice(Methods.of("close", NOTHING), advice))));
    }

    private static Map<String, List<HookAdvice>> executors() {
        Map<String, List<HookAdvice>> classes = new HashMap<>();
        classes.put(POOLS + "ThreadPoolExecutor", List.of(
                new HookAdvice(Methods.named("execute"), ExecutorAdvice.Execute.class),
                new HookAdvice(Methods.named("addWorker"), ExecutorAdvice.AddWorker.class),
                new HookAdvice(Methods.named("reject"), ExecutorAdvice.Reject.class),
                new HookAdvice(Methods.named("remove"), ExecutorAdvice.Remove.class),
                new HookAdvice(Methods.of("drainQueue", NOTHING), ExecutorAdvice.Drain.class),
                new HookAdvice(Methods.of("getTask", NOTHING), ExecutorAdvice.NextTask.class)));
        classes.put(POOLS + "ThreadPoolExecutor$Worker", List.of(
                new HookAdvice(Methods.of("run", NOTHING), ExecutorAdvice.Worker.class)));
        // A worker that waited in getTask when it was woven comes out of the one without advice.
        classes.put(POOLS + "FutureTask", List.of(
                new HookAdvice(Methods.of("run", NOTHING), ExecutorAdvice.Run.class),
                new HookAdvice(Methods.named("cancel"), ExecutorAdvice.Cancel.class)));
        classes.put(POOLS + "ScheduledThreadPoolExecutor", List.of(
                new HookAdvice(Methods.named("delayedExecute"), ExecutorAdvice.Delayed.class)));
        classes.put(POOLS + "ForkJoinPool", List.of(
                new HookAdvice(new Methods(Set.of("execute", "submit", "invoke"), "(Ljava/"), ExecutorAdvice.class)));
        classes.put(FORK_JOIN_TASK, List.of(
                new HookAdvice(Methods.of("fork", NOTHING), ExecutorAdvice.Fork.class),
                new HookAdvice(Methods.of("doExec", NOTHING), ExecutorAdvice.Run.class)));
        for (String type : WITH_RUNNABLE) {
            classes.put(FORK_JOIN_TASK + "$" + type, List.of(
                    new HookAdvice(new Methods(Set.of("exec", "compute"), NOTHING), ExecutorAdvice.RunRunnable.class)));
        }
        for (String type : WITH_CALLABLE) {
            classes.put(FORK_JOIN_TASK + "$" + type, List.of(
                    new HookAdvice(new Methods(Set.of("exec", "compute"), NOTHING), ExecutorAdvice.RunCallable.class)));
        }
        // What has at most one thread has no common pool: there each task has a thread of its own.
        classes.put(FUTURE + "ThreadPerTaskExecutor", List.of(
                new HookAdvice(Methods.named("execute"), ExecutorAdvice.Once.class)));
        for (String type : ASYNC) {
            classes.put(FUTURE + type, List.of(new HookAdvice(Methods.of("run", NOTHING), ExecutorAdvice.Run.class)));
        }
        classes.put(FUTURE + "UniCompletion", List.of(
                new HookAdvice(Methods.of("<init>", "("), ExecutorAdvice.Stage.class)));
        for (String stage : STAGES) {
            classes.put(FUTURE + stage, List.of(
                    new HookAdvice(Methods.named("tryFire"), ExecutorAdvice.Fire.class)));
        }
        return classes;
    }

    private static ClassHook inClass(String name, Tables tables, String className, HookAdvice... advice) {
        return new ClassHook(name, tables, Map.of(className, List.of(advice)));
    }
}
