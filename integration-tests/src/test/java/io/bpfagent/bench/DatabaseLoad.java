package io.bpfagent.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * A database in a file, in this JVM, and threads with transactions of five statements each: look up an account, change
 * it, write down the movement, forget an old one, add up the last ones. It does not grow.
 *
 * <p>Prints {@code ready}; then see {@link Questions}. When a transaction fails, it ends.
 */
public final class DatabaseLoad {
    private static final int ACCOUNTS = 10_000;
    /** That each thread keeps. */
    private static final int MOVEMENTS = 10_000;
    private static final int BATCH = 1_000;

    private static final LongAdder TRANSACTIONS = new LongAdder();

    private DatabaseLoad() {}

    /** @param args a directory for the file, and how many threads */
    public static void main(String[] args) throws SQLException, IOException {
        String url = "jdbc:h2:file:" + args[0] + "/bank;DB_CLOSE_ON_EXIT=FALSE";
        int threads = Integer.parseInt(args[1]);
        try (Connection connection = DriverManager.getConnection(url)) {
            create(connection, threads);
            List<Durations> durations = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Durations own = new Durations();
                durations.add(own);
                Thread thread = new Thread(() -> transact(url, number, threads, own), "teller-" + i);
                thread.setDaemon(true);
                thread.start();
            }
            System.out.println("ready");
            Questions.answer(TRANSACTIONS, durations);
        }
    }

    private static void create(Connection connection, int threads) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table account(id int primary key, owner varchar(40), balance bigint)");
            statement.execute("create table movement(teller int, number bigint, account int, amount int,"
                    + " note varchar(80), primary key(teller, number))");
            statement.execute("create index movement_of on movement(account)");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement account = connection.prepareStatement("insert into account values(?, ?, 0)");
                PreparedStatement movement = connection
                        .prepareStatement("insert into movement values(?, ?, ?, 0, 'first')")) {
            for (int i = 0; i < ACCOUNTS; i++) {
                account.setInt(1, i);
                account.setString(2, "owner of " + i);
                add(account, i);
            }
            account.executeBatch();
            for (int i = 0; i < MOVEMENTS * threads; i++) {
                movement.setInt(1, i % threads);
                movement.setLong(2, i / threads);
                movement.setInt(3, i % ACCOUNTS);
                add(movement, i);
            }
            movement.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void add(PreparedStatement statement, int row) throws SQLException {
        statement.addBatch();
        if (row % BATCH == BATCH - 1) {
            statement.executeBatch();
        }
    }

    /** Each thread has its own accounts, so that no transaction has to be done again. */
    private static void transact(String url, int teller, int tellers, Durations durations) {
        Random random = new Random(teller);
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement look = connection.prepareStatement("select balance from account where id = ?");
                PreparedStatement change = connection.prepareStatement("update account set balance = ? where id = ?");
                PreparedStatement write = connection.prepareStatement("insert into movement values(?, ?, ?, ?, ?)");
                PreparedStatement forget = connection
                        .prepareStatement("delete from movement where teller = ? and number = ?");
                PreparedStatement sum = connection
                        .prepareStatement("select sum(amount), count(*) from movement where account = ?")) {
            connection.setAutoCommit(false);
            for (long number = MOVEMENTS; true; number++) {
                long beganNs = System.nanoTime();
                int account = random.nextInt(ACCOUNTS / tellers) * tellers + teller;
                int amount = random.nextInt(1_000);
                look.setInt(1, account);
                change.setLong(1, number(look) + amount);
                change.setInt(2, account);
                change.executeUpdate();
                write.setInt(1, teller);
                write.setLong(2, number);
                write.setInt(3, account);
                write.setInt(4, amount);
                write.setString(5, "movement " + number + " of account " + account);
                write.executeUpdate();
                forget.setInt(1, teller);
                forget.setLong(2, number - MOVEMENTS);
                forget.executeUpdate();
                sum.setInt(1, account);
                number(sum);
                connection.commit();
                durations.add(System.nanoTime() - beganNs);
                TRANSACTIONS.increment();
            }
        } catch (SQLException | RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }
}
