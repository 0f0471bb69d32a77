use std::collections::BTreeMap;
use skillwatch::engine::*;
use skillwatch::model::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let views = std::path::Path::new(&args[0]);
    let mut out = None;
    let mut files = vec![];
    let mut it = args[1..].iter();
    while let Some(a) = it.next() {
        if a == "--out" { out = it.next().cloned(); } else { files.push(a.clone()); }
    }
    let mut tables: BTreeMap<String, Frame> = BTreeMap::new();
    for e in std::fs::read_dir(views).unwrap() {
        let p = e.unwrap().path();
        if p.extension().is_some_and(|x| x == "parquet") {
            let name = p.file_stem().unwrap().to_string_lossy().into_owned();
            tables.insert(name, Frame::scan("view", &[p], &[]).unwrap());
        }
    }
    for f in files {
        let text = std::fs::read_to_string(&f).unwrap();
        let model = match Model::parse(&f, &text) {
            Ok(m) => m,
            Err(ps) => { for p in ps { println!("{p}"); } continue; }
        };
        let t0 = std::time::Instant::now();
        let r = run_sql(&f, &model.sql, &tables).and_then(|t| {
            if model.header.native.is_some() { Ok(t) } else { t.conform(&f, &model.header.columns, &model.header.grain, model.order()) }
        });
        match r {
            Err(e) => println!("{e}"),
            Ok(t) => {
                println!("== {} {} rows {:.3}s", model.name, t.height(), t0.elapsed().as_secs_f64());
                for row in t.head(5).cells() { println!("{row:?}"); }
                if let Some(o) = &out {
                    std::fs::create_dir_all(o).unwrap();
                    std::fs::write(format!("{o}/{}.parquet", model.name), t.encode(&f).unwrap()).unwrap();
                }
                let mut fr: Frame = t.into();
                if let Some(ind) = &model.header.indicator {
                    let mut all = vec![];
                    if let Some(prev) = tables.remove("all_indicator_hits") { all.push(prev); }
                    all.push(fr.with_text("indicator_id", &ind.id));
                    let u = Frame::union("all", &all).unwrap().unwrap();
                    tables.insert("all_indicator_hits".into(), u);
                }
                tables.insert(model.name.clone(), { let x = fr.clone(); fr = x.clone(); fr });
            }
        }
    }
}
