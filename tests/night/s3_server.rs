//! A real S3 server of a test's own, on free ports of this machine, which ends with the test.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use skillwatch::lake::{Store, start_runtime};
use tempfile::TempDir;
use url::Url;

use crate::python::environment;
use crate::workspace::repository;

const KEY: &str = "test-key";
const SECRET: &str = "test-secret";
const REGION: &str = "us-east-1";
const PATIENCE: Duration = Duration::from_secs(90);

pub struct S3Server {
    process: Child,
    endpoint: String,
    /// Holds the server's data; removed after the server is gone.
    folder: TempDir,
}

/// Ports that were free a moment ago; all are held until all are known.
fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let listeners = [(); COUNT].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

impl S3Server {
    /// Starts a server and waits until it answers.
    pub fn start() -> S3Server {
        let programs = environment(&repository().join("tests/object_storage/requirements.txt"));
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let config = folder.path().join("s3.json");
        let credentials = serde_json::json!([{"accessKey": KEY, "secretKey": SECRET}]);
        let identity =
            serde_json::json!({"name": "test", "credentials": credentials, "actions": ["Admin"]});
        std::fs::write(
            &config,
            serde_json::json!({"identities": [identity]}).to_string(),
        )
        .unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let names = [
            "master.port",
            "master.port.grpc",
            "volume.port",
            "volume.port.grpc",
            "filer.port",
            "filer.port.grpc",
            "s3.port",
            "s3.port.grpc",
        ];
        let ports = free_ports::<8>();
        let mut command = Command::new(programs.join("weed"));
        command.args(["-logtostderr=true", "server", "-filer", "-s3"]);
        command.args(["-ip=127.0.0.1", "-ip.bind=127.0.0.1"]);
        // It would tell its makers of each start.
        command.arg("-master.telemetry=false");
        command.args(["-s3.port.iceberg=0", "-s3.port.lance=0"]);
        command.args(["-volume.max=0", "-master.volumeSizeLimitMB=64"]);
        command.arg(format!("-dir={}", data.display()));
        command.arg(format!("-s3.config={}", config.display()));
        command.arg(format!(
            "-filer.localSocket={}",
            folder.path().join("filer.sock").display()
        ));
        command.arg(format!(
            "-s3.localSocket={}",
            folder.path().join("s3.sock").display()
        ));
        for (name, port) in names.iter().zip(ports) {
            command.arg(format!("-{name}={port}"));
        }
        let process = command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = S3Server {
            process,
            endpoint: format!("http://127.0.0.1:{}", ports[6]),
            folder,
        };
        server.wait(ports[6]);
        server
    }

    fn wait(&mut self, port: u16) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("the S3 server ended with {status}: {}", self.log());
            }
            assert!(
                start.elapsed() < PATIENCE,
                "the S3 server does not listen: {}",
                self.log()
            );
            sleep(Duration::from_millis(50));
        }
        // It listens before the parts behind it are ready; the first object also makes the bucket.
        while let Err(error) = self.put("ready", "first", "x") {
            assert!(start.elapsed() < PATIENCE, "{error}: {}", self.log());
            sleep(Duration::from_millis(200));
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn bucket(&self, bucket: &str) -> Arc<dyn ObjectStore> {
        let store = AmazonS3Builder::new()
            .with_endpoint(&self.endpoint)
            .with_allow_http(true)
            .with_region(REGION)
            .with_access_key_id(KEY)
            .with_secret_access_key(SECRET)
            .with_bucket_name(bucket)
            .build()
            .unwrap();
        Arc::new(store)
    }

    fn put(&self, bucket: &str, path: &str, text: &'static str) -> object_store::Result<()> {
        let runtime = start_runtime().unwrap();
        let store = self.bucket(bucket);
        runtime.block_on(async { store.put(&Path::from(path), text.into()).await })?;
        Ok(())
    }

    /// Makes a bucket.
    pub fn make_bucket(&self, bucket: &str) {
        // The server makes the bucket of an administrator's first object.
        self.put(bucket, "first", "x").unwrap();
    }

    /// A store on a prefix of a bucket, which is made.
    pub fn store(&self, bucket: &str, prefix: &str) -> Store {
        self.make_bucket(bucket);
        let below = Path::parse(prefix).unwrap();
        let inner = PrefixStore::new(self.bucket(bucket), below);
        let url = Url::parse(&format!("s3://{bucket}/{prefix}/")).unwrap();
        Store::open_with(&start_runtime().unwrap(), Arc::new(inner), url)
    }

    /// The environment variables by which a program finds this server.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("NO_PROXY", "127.0.0.1".to_owned()),
        ]
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
