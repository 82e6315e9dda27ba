// The key of the fixtures, and the container that PDFBox's examples make with
// it: in BER, with a fixed time.
import java.io.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.*;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.*;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.*;

class Signer {
    final PrivateKey key;
    final Certificate[] chain;

    Signer(String p12) throws Exception {
        char[] password = "kyso".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12", "SunJSSE");
        store.load(new FileInputStream(p12), password);
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, password);
        chain = store.getCertificateChain(alias);
    }

    // 2026-05-12 08:35:12 UTC, the clock of all fixtures.
    static Calendar when() {
        Calendar c = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        c.setTimeInMillis(1778574912000L);
        return c;
    }

    byte[] container(InputStream content) throws IOException {
        try {
            Attribute when = new Attribute(CMSAttributes.signingTime, new DERSet(new Time(when().getTime())));
            CMSSignedDataGenerator gen = new CMSSignedDataGenerator();
            gen.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(when)))
                .build(new JcaContentSignerBuilder("SHA256WithRSA").build(key), (X509Certificate) chain[0]));
            gen.addCertificates(new JcaCertStore(Arrays.asList(chain)));
            return gen.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
