

# ---- The report

OCCURRENCE = ["name", "container", "record", "record_id", "uri", "meta", "start", "end", "first_line", "last_line"]
TEXTS = ["headline", "byline", "date", "date_iso", "captions", "text"]
ORDER = ["order_page", "order_block"]


def write(run, reading, splitting, blocks, assigned, excerpts):
    heads, occurrences, links = parts(blocks, assigned, excerpts)
    occurrences = run.step("occurrences", lambda rows=occurrences: rows)
    if links is not None:
        links = run.step("links", lambda rows=links: rows)
    rows = heads.unionByName(occurrences, allowMissingColumns=True)
    if links is not None:
        of = links.select(*ORDER, F.lit(2).cast("bigint").alias("kind"), F.col("within_id").alias("id"), "share",
                          F.col("place_start").alias("start"), F.col("place_end").alias("end"),
                          F.col("within_page").alias("at_page"), F.col("within_block").alias("at_block"))
        here = links.select(F.col("within_page").alias("order_page"), F.col("within_block").alias("order_block"),
                            F.lit(3).cast("bigint").alias("kind"), "id", "share", "similarity", *OCCURRENCE,
                            F.lit("excerpt").alias("match"), F.col("order_page").alias("at_page"),
                            F.col("order_block").alias("at_block"))
        rows = rows.unionByName(of.filter("start is not null"), allowMissingColumns=True)
        rows = rows.unionByName(here, allowMissingColumns=True)

    told = rows.repartitionByRange(run.parts, *ORDER).sortWithinPartitions(*ORDER, "kind", "at_page", "at_block")
    articles = run.step("lines", lambda: run.filter(told, "report"))
    rejects = reading.filter("reject is not null").select("page", "name", "reject").union(
        splitting.filter("reject is not null").select("page", "name", "reject"))
    failed = F.concat(F.lit("the program failed: "), F.col("reject"))
    skipped = reading.filter("reason is not null").select("page", "name", "reason")
    skipped = skipped.union(rejects.select("page", "name", failed))
    skipped = skipped.union(run.spark.createDataFrame(skipped_files(run), "page bigint, name binary, reason string"))
    summary = summarise(run, reading, splitting, occurrences, links, skipped)
    last = json.dumps({"type": "summary", **summary}, separators=(",", ":"))
    ends = [(-1, 0, run.header.strip()), ((1 << 63) - 1, 0, last)]
    ends = run.spark.createDataFrame(ends, "order_page bigint, order_block bigint, line string")
    others = skipped.select((F.col("page") / 4 + (1 << 61)).cast("bigint").alias("order_page"),
                          F.lit(0).cast("bigint").alias("order_block"), skipped_line().alias("line"))
    lines = articles.union(others).union(ends).repartitionByRange(run.parts, *ORDER).sortWithinPartitions(*ORDER)
    lines.select("line").write.mode("overwrite").text(f"{run.output}/report.jsonl")
    rejects.select(shown("name").alias("page"), F.col("reject").alias("reason")).write.mode("overwrite").parquet(
        f"{run.output}/rejects")
    tables(run, heads, occurrences, links, skipped)
    return summary


def parts(blocks, assigned, excerpts):
    """The articles, the occurrences and the links between articles."""
    ask = ["page", "block", "digest", "words", *OCCURRENCE]
    known = assigned.select("digest", "text", "article", "similarity", "id", "kept_page", "kept_block", *ORDER)
    kept = (F.col("page") == F.col("kept_page")) & (F.col("block") == F.col("kept_block"))
    match = F.when(kept, "kept").when(F.col("text") == F.col("article"), "exact").otherwise("near").alias("match")
    here = blocks.select(*ask).join(known, "digest")
    occurrences = here.select(*ORDER, F.lit(1).cast("bigint").alias("kind"), F.col("digest").alias("id"), match,
                              "similarity", "words", *OCCURRENCE, F.col("page").alias("at_page"),
                              F.col("block").alias("at_block"), F.col("id").alias("article"))
    articles = assigned.filter("text = article").select("id", "kept_page", "kept_block", *ORDER)
    own = blocks.select(F.col("page").alias("kept_page"), F.col("block").alias("kept_block"), *TEXTS)
    heads = articles.join(own, ["kept_page", "kept_block"])
    heads = heads.select(*ORDER, F.lit(0).cast("bigint").alias("kind"), "id", *TEXTS)
    if excerpts is None:
        return heads, occurrences, None
    within = articles.select(F.col("kept_page").alias("page"), F.col("kept_block").alias("block"),
                             F.col("id").alias("within_id"), F.col("order_page").alias("within_page"),
                             F.col("order_block").alias("within_block"))
    of = articles.withColumnsRenamed({"kept_page": "of_page", "kept_block": "of_block"})
    own = blocks.select(F.col("page").alias("of_page"), F.col("block").alias("of_block"), *OCCURRENCE)
    links = excerpts.withColumnsRenamed({"start": "place_start", "end": "place_end"})
    links = links.join(within, ["page", "block"]).join(of, ["of_page", "of_block"]).join(own, ["of_page", "of_block"])
    return heads, occurrences, links


def summarise(run, reading, splitting, occurrences, links, skipped):
    pages = reading.agg(F.sum(F.col("kept").isNotNull().cast("bigint")).alias("pages"), F.sum("size").alias("bytes"),
                        F.sum("ignored").alias("ignored")).collect()[0]
    failed = splitting.filter("reject is not null").count()
    is_a = lambda match: F.sum((F.col("match") == match).cast("bigint"))
    unique = F.sum(F.when(F.col("match") == "kept", F.col("words")).otherwise(0))
    found = occurrences.agg(F.count("*"), is_a("kept"), is_a("exact"), is_a("near"), F.sum("words"), unique).collect()
    blocks, articles, exact, near, words, unique_words = [value or 0 for value in found[0]]
    contained = links.select(*ORDER).distinct().count() if links is not None else 0
    return {"pages": (pages["pages"] or 0) - failed, "bytes": pages["bytes"] or 0, "blocks": blocks,
            "articles": articles, "exact": exact, "near": near, "excerpts": contained, "words": words,
            "unique_words": unique_words, "skipped": skipped.count(), "ignored": pages["ignored"] or 0}


def shown(name):
    """A name as a report gives it: one that is not UTF-8 as its bytes."""
    raw = F.concat(F.lit('{"bytes":"'), F.base64(name), F.lit('"}'))
    return F.coalesce(F.try_validate_utf8(F.col(name).cast("string")), raw)


def skipped_line():
    """A line of the report."""
    text = F.try_validate_utf8(F.col("name").cast("string"))
    plain = F.to_json(F.struct(F.lit("skipped").alias("type"), text.alias("page"), "reason"))
    raw = F.struct(F.base64("name").alias("bytes")).alias("page")
    return F.when(text.isNotNull(), plain).otherwise(F.to_json(F.struct(F.lit("skipped").alias("type"), raw, "reason")))


def tables(run, heads, occurrences, links, skipped):
    """The tables of the report."""
    def put(name, rows):
        rows.write.mode("overwrite").parquet(f"{run.output}/tables/{name}.parquet")

    digest = lambda column: F.lower(F.hex(column))
    copies = occurrences.groupBy(F.col("article").alias("id")).agg(F.count("*").alias("copies"))
    put("articles", heads.join(copies, "id").select(
        digest("id").alias("id"), "headline", "byline", "date", "date_iso",
        F.from_json("captions", "array<string>").alias("captions"), F.col("text").alias("body"), "copies"))
    put("occurrences", occurrences.select(
        digest("article").alias("article"), "match", "similarity", shown("name").alias("page"), "first_line",
        "last_line", "start", "end", shown("container").alias("container"), "record", "record_id", "uri",
        digest("id").alias("sha256"), "meta"))
    if links is not None:
        put("excerpts", links.filter("place_start is not null").select(
            digest("id").alias("article"), digest("within_id").alias("within"), "share",
            F.col("place_start").alias("start"), F.col("place_end").alias("end")))
    put("skipped", skipped.select(shown("name").alias("page"), "reason"))


if __name__ == "__main__":
    main()
