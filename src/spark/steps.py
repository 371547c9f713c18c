

# ---- The steps

def columns_of(run, stage, page):
    parts = [column.split("` ") for column in run.tables[stage].split(", ")]
    return [name[1:] for name, _ in parts], [kind for _, kind in parts], page


def report(run):
    reading = run.step("pages", lambda: run.filter(contents(run), "read", reject=columns_of(run, "read", "number")))
    pages = reading.filter("kept is not null")
    evidence = learn(run, reading)
    told = ["--corpus-bytes", counted(run, reading)]
    taking = columns_of(run, "split", "page")
    ask = ["page", "name", "container", "record", "record_id", "uri", "meta", "form", "size", "kept"]
    take_apart = lambda: run.filter(pages.select(*ask), "split", *told, reject=taking, files=evidence)
    splitting = run.step("blocks", take_apart)
    blocks = splitting.filter("reject is null")
    texts = find_texts(run, blocks)
    linked = None
    if json.loads(run.header)["parameters"]["near"]:
        linked = link(run, blocks, texts)
    assigned = assign(run, texts, linked)
    excerpts = place(run, pages.select(*ask), linked, told, evidence) if linked is not None else None
    return write(run, reading, splitting, blocks, assigned, excerpts)


def counted(run, reading):
    """The size of the corpus, as the program counts it."""
    sizes = reading.filter("ignored is null").agg(F.sum(F.coalesce("counted", F.lit(1024))).alias("bytes")).collect()
    return (sizes[0]["bytes"] or 0) + 1024 * len(skipped_files(run))


def learn(run, reading):
    """What is known of lines that recur. Pages with the lowest hashes are enough if there are too many lines."""
    lines = reading.filter("lines is not null").select("lines", "hash")
    count = F.sum(F.length("lines") / 8).cast("bigint").alias("count")
    all_lines = lines.agg(count).collect()[0]["count"] or 0
    if all_lines > run.sizes["lines"]:
        high = F.shiftrightunsigned("hash", 48).alias("high")
        left, bound = run.sizes["lines"], 0
        for row in lines.groupBy(high).agg(count).orderBy("high").collect():
            left, bound = left - row["count"], row["high"]
            if left < 0:
                break
        lines = lines.filter(F.shiftrightunsigned("hash", 48) <= bound)
    mined = run.step("evidence", lambda: run.filter(lines.select("lines").repartition(1), "mine"))
    return [("--evidence", run.file("evidence", mined))]


def find_texts(run, blocks):
    """Different texts, numbered by their digests."""
    def make():
        ask = ["digest", "page", "block", "words", "sketch", "landmarks", "preferred", "dated"]
        rows = blocks.select(*ask).repartitionByRange(run.parts, "digest")
        rows = rows.sortWithinPartitions("digest", "page", "block")
        return run.filter(rows, "texts").withColumn("part", F.spark_partition_id())

    found = run.step("texts", make)
    before, rows = 0, []
    for row in sorted(found.groupBy("part").count().collect()):
        rows.append((row["part"], before))
        before += row["count"]
    offsets = F.broadcast(run.spark.createDataFrame(rows, "part int, before bigint"))
    return found.join(offsets, "part").withColumn("text", F.col("number") + F.col("before")).drop("part", "before")


def link(run, blocks, texts):
    """Texts that are one article, and excerpts."""
    sketched = texts.filter("shingles > 0")
    sizes = texts.agg(F.count("*").alias("texts"), F.sum("shingles").alias("shingles"),
                      F.sum((F.col("shingles") > 0).cast("int")).alias("sketched")).collect()[0]
    landmarks = texts.filter("length(landmarks) > 0").select("landmarks")
    stocked = run.step("stock", lambda: run.filter(landmarks.repartition(1), "stock", "--sketched",
                                                   sizes["sketched"] or 0))
    stock = [("--stock", run.file("stock", stocked))]
    bodies = blocks.select(F.col("page").alias("kept_page"), F.col("block").alias("kept_block"), "body")
    bar = ["--halvings", 0, "--promise", 0.0]
    if sizes["texts"] >= run.sizes["few"]:
        asked = run.step("pilot", lambda: ask_pilot(run, sketched, texts, sizes, bodies, stock)).collect()[0]
        bar = ["--halvings", asked["halvings"], "--promise", repr(asked["promise"])]
    candidates = search(run, sketched, bar)
    components = connect(run, candidates)

    def make():
        rows = texts.join(components.select(F.col("a").alias("text"), F.col("b").alias("component")), "text")
        rows = rows.join(bodies, ["kept_page", "kept_block"], "left").withColumn("kind", F.lit(0))
        pairs = candidates.join(components.select("a", F.col("b").alias("component")), "a")
        pairs = pairs.withColumn("kind", F.lit(1))
        both = rows.drop("sketch", "landmarks", "number").unionByName(pairs, allowMissingColumns=True)
        return run.filter(run.sorted(both, "component", "kind", "first_page", "first_block"), "link", files=stock)

    return run.step("linked", make)


def ask_pilot(run, sketched, texts, sizes, bodies, stock):
    """How closely to search, from a sample of texts and those that share a shingle with one of them."""
    sample = texts.filter(F.col("text") < run.sizes["sample"])
    shingles = array.array("I")
    for row in sample.select("sketch").collect():
        shingles.frombytes(bytes(row["sketch"]))
    only = run.ship(f"pilot-{run.mark[:16]}", array.array("I", sorted(set(shingles))).tobytes())
    entries = run.filter(sketched.select("text", "sketch"), "spread", files=[("--only", only)])
    first = F.row_number().over(Window.partitionBy("shingle").orderBy("text"))
    met = entries.withColumn("nth", first).filter(F.col("nth") <= run.sizes["crowd"] + 1).select("text")
    wanted = met.union(sample.select("text")).distinct()
    rows = texts.join(wanted, "text").join(bodies, ["kept_page", "kept_block"], "left")
    rows = rows.select("text", "sketch", "body").repartition(1).sortWithinPartitions("text")
    return run.filter(rows, "pilot", "--texts", sizes["texts"], "--shingles", sizes["shingles"], files=stock)


def search(run, sketched, bar):
    """Pairs worth a comparison."""
    def meet():
        entries = run.filter(sketched.select("text", "sketch"), "spread", *bar)
        return run.filter(run.sorted(entries, "shingle", "text"), "meet")

    met = run.step("meet", meet)
    crowds = met.filter("met is null").select(F.col("a").alias("text"), "crowd")

    def view():
        rows = sketched.select("text", "sketch").unionByName(crowds, allowMissingColumns=True)
        return run.filter(run.sorted(rows, "text", F.col("crowd").asc_nulls_first()), "view", *bar)

    views = run.step("views", view)

    def crowd():
        keys = views.filter("key is not null").select("key", "first", "size", "text")
        return run.filter(run.sorted(keys, "key", "first", "size", "text"), "crowd")

    def promise():
        seen = views.filter("key is null").select("text", "shingles", "crowded")
        parts = met.filter("met is not null").union(crowd()).select("a", "met")
        pairs = run.filter(run.sorted(parts, "a"), "sum")
        pairs = pairs.join(seen.withColumnRenamed("text", "b"), "b")
        rows = seen.withColumnRenamed("text", "a").unionByName(pairs, allowMissingColumns=True)
        return run.filter(run.sorted(rows, "a", F.col("b").asc_nulls_first()), "promise", *bar)

    return run.step("candidates", promise)


def connect(run, candidates):
    """Every text that has a candidate with the lowest one that it is connected with."""
    pairs, limit = candidates.select("a", "b"), run.asked.pairs_in_one_place
    if candidates.count() <= limit:
        return run.step("components", lambda: run.filter(pairs.repartition(1), "forest"))
    # What is connected within a part needs fewer pairs, and perhaps so few that one place will do.
    forest = run.step("forest", lambda: run.filter(pairs, "forest"))
    if forest.count() <= limit:
        return run.step("components", lambda: run.filter(forest.repartition(1), "forest"))
    edges, told = forest.filter("a <> b"), None
    # Large star and small star (Kiveris and others, "Connected Components in MapReduce and Beyond", 2014).
    for turn in range(100):
        edges = run.step(f"star-{turn}", lambda rows=edges: small_star(large_star(rows)))
        sums = edges.agg(F.count("*"), F.sum(F.xxhash64("a", "b").cast("decimal(20)"))).collect()[0]
        if sums == told:
            break
        told = sums
    roots = edges.select(F.col("b").alias("a"), "b").distinct()
    return run.step("components", lambda: edges.select("a", "b").union(roots))


def large_star(edges):
    """Every text's higher neighbours hang on the lowest of it and its neighbours."""
    both = edges.select("a", "b").union(edges.select("b", "a")).toDF("a", "b")
    lowest = both.groupBy("a").agg(F.min("b").alias("low")).select("a", F.least("a", "low").alias("low"))
    return both.join(lowest, "a").filter("b > a").select(F.col("b").alias("a"), F.col("low").alias("b")).distinct()


def small_star(edges):
    """Every text and its lower neighbours hang on the lowest of them."""
    lowest = edges.groupBy("a").agg(F.min("b").alias("low"))
    others = edges.join(lowest, "a").filter("b <> low").select(F.col("b").alias("a"), F.col("low").alias("b"))
    return others.union(lowest.select("a", F.col("low").alias("b"))).distinct()


def assign(run, texts, linked):
    """Every text with its article: what that is called, where its kept block stands, and where it comes first."""
    def make():
        own = texts.select("text", "digest", "first_page", "first_block", "kept_page", "kept_block")
        if linked is None:
            told = own.withColumn("article", F.col("text")).withColumn("similarity", F.lit(1.0))
        else:
            known = linked.filter("text is not null").select("text", "article", "similarity")
            told = own.join(known, "text", "left").withColumn("article", F.coalesce("article", "text"))
            told = told.withColumn("similarity", F.coalesce("similarity", F.lit(1.0)))
        order = F.min(F.struct("first_page", "first_block")).alias("order")
        articles = told.groupBy("article").agg(order)
        articles = articles.select("article", F.col("order.first_page").alias("order_page"),
                                   F.col("order.first_block").alias("order_block"))
        kept = own.select(F.col("text").alias("article"), F.col("digest").alias("id"), "kept_page", "kept_block")
        told = told.select("text", "digest", "article", "similarity")
        return told.join(articles.join(kept, "article"), "article")

    return run.step("assigned", make)


def place(run, pages, linked, told, evidence):
    """Excerpts, with where they stand in the pages of the longer articles."""
    excerpts = linked.filter("text is null").drop("text", "article")

    def make():
        wanted = excerpts.select("page", "block", "of_page", "of_block", "from", "to")
        firsts = pages.join(wanted.select("page").distinct(), "page", "leftsemi")
        rows = firsts.unionByName(wanted, allowMissingColumns=True)
        return run.filter(run.sorted(rows, "page", F.col("block").asc_nulls_first()), "place", *told, files=evidence)

    places = run.step("places", make)
    return excerpts.drop("from", "to").join(places, ["page", "block", "of_page", "of_block"], "left")
